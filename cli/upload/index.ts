export type { Connection, Destination, ObjectReport, Progress, UploadReport, UploadRequest } from "./request";
export { upload } from "./run";
