/** A spark-submit command taken apart, so that options can be compared and changed by name. */
export interface SparkSubmit {
  /** `--master`, `--py-files`, … with their values; everything but `--conf`. */
  readonly options: ReadonlyMap<string, string>;
  /** What `--conf key=value` sets. */
  readonly conf: ReadonlyMap<string, string>;
  /** The main Python file. */
  readonly application: string;
  readonly applicationArgs: readonly string[];
}

const PROGRAM = "spark-submit";

/**
 * Takes a step's command apart. Every option that Basin renders has a value.
 *
 * @throws Error when the command is not a spark-submit of that form.
 */
export function parseSparkSubmit(args: readonly string[]): SparkSubmit {
  if (args[0] !== PROGRAM) throw new Error(`not a ${PROGRAM} command: ${args.join(" ")}`);
  const options = new Map<string, string>();
  const conf = new Map<string, string>();
  let at = 1;
  for (; args[at]?.startsWith("--"); at += 2) {
    const [option = "", value] = [args[at], args[at + 1]];
    if (value === undefined) throw new Error(`${option} has no value: ${args.join(" ")}`);
    if (option === "--conf") conf.set(...splitConf(value));
    else options.set(option, value);
  }
  const application = args[at];
  if (application === undefined) throw new Error(`nothing to run: ${args.join(" ")}`);
  return { options, conf, application, applicationArgs: args.slice(at + 1) };
}

/** The arguments that follow the program's name. */
export function renderSparkSubmit({ options, conf, application, applicationArgs }: SparkSubmit): string[] {
  return [
    ...[...options].flat(),
    ...[...conf].flatMap(([key, value]) => ["--conf", `${key}=${value}`]),
    application,
    ...applicationArgs,
  ];
}

function splitConf(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new Error(`not key=value: --conf ${text}`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}
