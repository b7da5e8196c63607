import { runProcess } from "../process";
import { uploadCommand } from "./command";

runProcess([{ name: "upload", summary: "", load: uploadCommand }]);
