import { upload } from "../../upload/index";
import { LOCAL_SECRET } from "../aws/clients";
import type { Intaking, Moved } from "./bring-in";
import type { Input } from "./inputs";
import { countRows } from "./source-rows";

/** Uploads a file into the dataset's raw prefix as `basin upload` does, under the hour of its arrival. */
export async function bringInFile(
  { dataset, path, format, bytes }: Input,
  willWrite: (key: string) => void,
  { aws, rawBucket, python, journals, progress }: Intaking,
): Promise<Moved> {
  progress(`${dataset.name}: ${path}`);
  const rows = await countRows(path, format, dataset, python);
  const { objects } = await upload({
    sources: [path],
    destination: { bucket: rawBucket, prefix: "", dataset: dataset.name },
    region: aws.region,
    endpointUrl: aws.endpoint,
    credentials: { accessKeyId: aws.accountId, secretAccessKey: LOCAL_SECRET },
    journalDir: journals,
  });
  // Written down afterwards: an upload that is cut short is found and gone on with by its content, not by a key.
  objects.forEach(({ destination }) => willWrite(destination.slice(`s3://${rawBucket}/`.length)));
  return { rows, bytes };
}
