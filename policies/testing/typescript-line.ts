import ts from "typescript";

/**
 * Whether a fix is one line of TypeScript: a property, a statement or an expression. `…` stands for what the reader has
 * already, or chooses.
 */
export function isTypeScriptLine(fix: string): boolean {
  if (fix === "" || fix.includes("\n")) return false;
  const line = fix.replaceAll("…", "...own");
  return [`({ ${line}\n});`, `(${line});`, line].some(parses);
}

function parses(text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
  return diagnostics.length === 0;
}
