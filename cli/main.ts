import { COMMANDS } from "./commands";
import { runProcess } from "./process";

runProcess(COMMANDS);
