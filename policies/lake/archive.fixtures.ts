import { shapes, type Fixtures } from "../testing/fixtures";
import { archiveErrors, archiveNewline } from "./archive";

const s3 = (props: Record<string, unknown>): Record<string, unknown> => ({
  destination: "extended_s3",
  extendedS3Configuration: props,
});
const processors = (enabled: boolean, type: string, delimiter = "\\n"): Record<string, unknown> =>
  s3({
    processingConfiguration: {
      enabled,
      processors: [{ type, parameters: [{ parameterName: "Delimiter", parameterValue: delimiter }] }],
    },
  });
const prefixes = (prefix: string, errorOutputPrefix?: string): Record<string, unknown> =>
  s3({ prefix, errorOutputPrefix });
const ERRORS = "undelivered/!{firehose:error-output-type}/";

export const fixtures: readonly Fixtures[] = [
  shapes(archiveNewline, "records are written one into the other, and nobody can tell them apart", {
    passing: {
      "a delimiter": processors(true, "AppendDelimiterToRecord"),
      "rows instead of records": s3({ dataFormatConversionConfiguration: { enabled: true } }),
    },
    failing: {
      none: s3({}),
      "switched off": processors(false, "AppendDelimiterToRecord"),
      "another processor": processors(true, "MetadataExtraction"),
      "another delimiter": processors(true, "AppendDelimiterToRecord", "|"),
    },
  }),
  shapes(archiveErrors, "failed records lie among those that readers take for good", {
    passing: { apart: prefixes("flights/", ERRORS), "no prefix": s3({}) },
    failing: {
      none: prefixes("flights/"),
      "within the records": prefixes("flights/!{timestamp:yyyy}/", `flights/${ERRORS}`),
      "no kind of error": prefixes("flights/", "undelivered/"),
    },
  }),
];
