import type { Dataset } from "../../declarations/dataset";
import { InputError } from "../../declarations/faults";
import { demoInputs, makeDemoInputs } from "./demo/demo-inputs";
import { resolveInputs, takesInput, type Input } from "./intake/inputs";
import type { Ledger } from "./intake/ledger";
import type { Toolchain } from "./toolchain";

export interface InputRequest {
  /** Somebody's own folder of datasets; the repository's, with the demo's inputs, when left out. */
  readonly datasets?: string;
  /** `NAME=PATH`, as given. */
  readonly input: readonly string[];
}

/**
 * What a run brings in: the inputs that were given, and the demo's own for those of the repository's datasets that were
 * given none.
 *
 * @param before what earlier runs brought in, which a run may go on with
 * @throws InputError for inputs that are not there or do not fit, and when there is nothing to run on.
 */
export async function chooseInputs(
  { datasets: folder, input }: InputRequest,
  datasets: readonly Dataset[],
  before: Ledger,
  toolchain: Toolchain,
  say: (text: string) => void,
): Promise<Input[]> {
  const given = resolveInputs(input, datasets);
  const fed = datasets.filter(takesInput).map(({ name }) => name);
  if (folder === undefined) {
    const without = fed.filter((name) => !given.some(({ dataset }) => dataset.name === name));
    const demo = demoInputs(await makeDemoInputs(toolchain, say), without);
    given.push(...resolveInputs(demo, datasets));
  }
  if (given.length === 0 && !fed.some((name) => before.finished(name).length > 0)) {
    const allowed = `--input NAME=PATH for one or more of ${fed.join(", ")}`;
    throw new InputError([{ where: "--input", message: "is needed: no dataset has any input", allowed }]);
  }
  return given;
}
