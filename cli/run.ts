import { Command, CommanderError } from "commander";
import { CheckFailed, describeFault, InputError } from "../declarations/faults";
import { EXIT } from "./exit-codes";

/** A command that is loaded only when it is asked for: the start-up of one does not pay for the others. */
export interface LazyCommand {
  readonly name: string;
  /** One line for `basin --help`. */
  readonly summary: string;
  readonly load: () => Command;
}

/** Runs one command line and returns the exit code. Every error of every command ends here. */
export async function run(
  argv: readonly string[],
  commands: readonly LazyCommand[],
  complain: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<number> {
  try {
    await program(argv, commands, complain).parseAsync([...argv], { from: "user" });
    return EXIT.done;
  } catch (error) {
    return exitCodeOf(error, complain);
  }
}

function program(argv: readonly string[], commands: readonly LazyCommand[], complain: (line: string) => void): Command {
  const root = new Command("basin")
    .description("A petabyte Spark lake house, declared: plan it, run it on a laptop, work on its data.")
    .usage("<command> [options]")
    .showHelpAfterError("(basin --help lists every command)")
    .exitOverride()
    .configureOutput({ outputError: (text) => complain(text.trimEnd().replace(/^error: /, "basin: ")) });
  const wanted = new Set(argv.filter((argument) => !argument.startsWith("-")).slice(0, 2));
  for (const { name, summary, load } of commands) {
    if (wanted.has(name)) root.addCommand(inherit(load().summary(summary), root));
    else root.command(name).description(summary);
  }
  return root;
}

/** Commander copies settings only to commands that it creates itself, not to those that are added. */
function inherit(command: Command, parent: Command, path = `basin ${command.name()}`): Command {
  command.copyInheritedSettings(parent).showHelpAfterError(`(${path} --help shows how it is used)`);
  command.commands.forEach((child) => inherit(child, command, `${path} ${child.name()}`));
  return command;
}

function exitCodeOf(error: unknown, complain: (line: string) => void): number {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong already; asking for help is not wrong.
    return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  }
  if (error instanceof InputError) {
    error.faults.forEach((fault) => complain(`basin: ${describeFault(fault)}`));
    return EXIT.badInput;
  }
  if (error instanceof CheckFailed) {
    complain(`basin: ${error.message}`);
    return EXIT.checkFailed;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  complain(`basin: this is a fault of Basin itself: ${message}`);
  complain(process.env.BASIN_DEBUG ? (stack ?? "") : "basin: run it again with BASIN_DEBUG=1 to see where");
  return EXIT.bug;
}
