import { z } from "zod";
import { COLUMN_NAME, COLUMN_NAME_FORM } from "./identifiers";

export const columnName = z.string().regex(COLUMN_NAME, `not a column name; allowed: ${COLUMN_NAME_FORM}`);
