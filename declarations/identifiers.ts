/** A dataset's name; `__` is kept for what Basin puts beside a table (`flights__rejected`). */
export const DATASET_NAME = /^(?!.*__)[a-z][a-z0-9_]{0,62}$/;
export const DATASET_NAME_FORM = "a lower-case letter, then up to 62 of a-z, 0-9 and _, without __";

/** A column's name: lower case, because Glue and Hive keep no other; `from` carries the source's own spelling. */
export const COLUMN_NAME = /^[a-z_][a-z0-9_]{0,254}$/;
export const COLUMN_NAME_FORM = "a lower-case letter or _, then a-z, 0-9 and _ (use `from` for the source's spelling)";

/** A team, connection, consumer or standing cluster. */
export const LABEL = /^[a-z][a-z0-9-]{0,30}$/;
export const LABEL_FORM = "a lower-case letter, then up to 30 of a-z, 0-9 and -";
