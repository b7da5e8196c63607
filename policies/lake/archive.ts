import { FIREHOSE, s3Destination } from "../encryption/streams";
import { propertyRule } from "../property-rule";
import { object, objects, text } from "../reading";
import type { Props } from "../rule";

/** Only where objects keep the producer's records: converted ones have rows, compressed text has lines too. */
const keepsRecords = (props: Props): boolean => {
  const conversion = object(objects(s3Destination(props)?.dataFormatConversionConfiguration)[0]);
  return s3Destination(props) !== undefined && (Object.keys(conversion).length === 0 || conversion.enabled === false);
};

export const archiveNewline = propertyRule({
  name: "firehose-newline",
  group: "lake",
  description: "An archive of a stream has a line for each record.",
  enforcement: "mandatory",
  types: FIREHOSE,
  applies: keepsRecords,
  value: (props) => object(objects(s3Destination(props)?.processingConfiguration)[0]),
  holds: (value) => {
    const { enabled, processors } = object(value);
    return enabled === true && objects(processors).some(isDelimiter);
  },
  message: "records are written one into the other, and nobody can tell them apart",
  fix: 'processors: [{ type: "AppendDelimiterToRecord", parameters: [{ parameterName: "Delimiter", parameterValue: "\\\\n" }] }]',
});

function isDelimiter({ type, parameters }: Props): boolean {
  const delimiter = objects(parameters).find(({ parameterName }) => parameterName === "Delimiter");
  return type === "AppendDelimiterToRecord" && text(delimiter?.parameterValue) === "\\n";
}

export const archiveErrors = propertyRule({
  name: "firehose-error-prefix",
  group: "lake",
  description: "What could not be delivered lies apart from what was.",
  enforcement: "mandatory",
  types: FIREHOSE,
  applies: (props) => text(s3Destination(props)?.prefix) !== undefined,
  value: (props) => s3Destination(props)?.errorOutputPrefix,
  holds: (value, props) => {
    const errors = text(value);
    const records = text(s3Destination(props)?.prefix) ?? "";
    // The folder that the records' prefix begins with: readers list it, whatever comes after it.
    const folder = (records.split("!{")[0] ?? "").replace(/[^/]*$/, "");
    return errors?.includes("!{firehose:error-output-type}") === true && !errors.startsWith(folder);
  },
  message: "failed records lie among those that readers take for good",
  fix: 'errorOutputPrefix: "undelivered/!{firehose:error-output-type}/"',
});
