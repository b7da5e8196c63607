import type { Bytes } from "../../../declarations/units";
import type { Algorithm } from "../checksum/method";
import type { Bucket } from "../service/bucket";
import type { Meter } from "../service/meter";
import type { OpenUpload, ProvedPart } from "../service/multipart";
import type { Pace } from "../service/pace";
import type { Buffers } from "./buffers";
import type { Journal } from "./journal";

/** What all objects of a run share. */
export interface Transfer {
  readonly bucket: Bucket;
  readonly pace: Pace;
  readonly buffers: Buffers;
  readonly meter: Meter;
  readonly overwrite: boolean;
  /** Part size that was asked for. */
  readonly partBytes: Bytes | undefined;
  /** Whether something was at the key of the small object that was last looked at: the next one's fate is likely the same. */
  readonly last: { wasThere: boolean };
  readonly notice: (text: string) => void;
  readonly journalOf: (key: string) => Journal;
  /** Uploads under way to a key, as the service lists them. */
  readonly openUploads: (key: string) => Promise<readonly OpenUpload[]>;
}

/** What proves an object. */
export interface Proof {
  readonly bytes: Bytes;
  /** As S3 reports it for the object. */
  readonly checksum: string;
  readonly parts: readonly Pick<ProvedPart, "number" | "bytes" | "checksum">[];
}

/** One object to be made. */
export interface Job {
  /** Of its source among all; earlier ones go first. */
  readonly order: number;
  readonly key: string;
  /** Called before the object can be seen by anybody. */
  readonly announce?: (proof: Proof) => Promise<void>;
}

export interface Outcome {
  readonly key: string;
  readonly bytes: Bytes;
  readonly parts: number;
  /** 0 where the object was there already. */
  readonly partsSent: number;
  readonly algorithm: Algorithm;
  /** As S3 reports it. */
  readonly checksum: string;
}
