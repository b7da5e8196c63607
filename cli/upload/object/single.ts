import { putObject } from "../service/objects";
import type { SourceFile } from "../source/file";
import { compareExisting, refuseOther } from "./existing";
import type { Job, Outcome, Transfer } from "./transfer";

/**
 * Sends a small file as one PUT.
 *
 * @throws InputError when there is another object and it may not be replaced, or the file changes while it is read.
 */
export async function sendSingle(
  transfer: Transfer,
  { order, key, announce }: Job,
  file: SourceFile,
): Promise<Outcome> {
  const { bucket, pace, buffers, meter, overwrite, last } = transfer;
  const { bytes } = file.state;
  return await pace.run(order, bytes, () =>
    buffers.with(bytes, async (memory) => {
      // Without --overwrite the PUT itself looks whether something is there; only where that is likely, as when a run
      // goes on, asking first is cheaper.
      if (overwrite || last.wasThere) {
        const existing = await compareExisting(bucket, key, file);
        last.wasThere = existing.is !== "absent";
        if (existing.is === "same") return skip(existing.outcome);
        if (existing.is === "other" && !overwrite) throw refuseOther(bucket, key, file.path, existing.why);
      }
      const payload = await file.read(memory, 0, bucket.method);
      file.mustBeUnchanged();
      const { checksum } = payload;
      await announce?.({ bytes, checksum, parts: [{ number: 1, bytes, checksum }] });
      const sent = await putObject(bucket, key, payload, overwrite);
      const { algorithm } = bucket.method;
      if (sent !== "exists") return { key, bytes, parts: 1, partsSent: 1, algorithm, checksum: sent.checksum };
      last.wasThere = true;
      const existing = await compareExisting(bucket, key, file);
      if (existing.is === "same") return skip(existing.outcome);
      throw refuseOther(bucket, key, file.path, existing.is === "other" ? existing.why : "gone again meanwhile");
    }),
  );

  function skip(outcome: Outcome): Outcome {
    meter.found(bytes);
    return outcome;
  }
}
