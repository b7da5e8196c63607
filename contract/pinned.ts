/**
 * What TypeScript knows of a contract file. `import contract from "./basin.contract.json"` widens every text to
 * `string`, but keeps the keys of objects: names of datasets, columns and readers are keys, and so they are checked.
 */
export interface PinnedContract {
  readonly version: number;
  readonly accountId: string;
  readonly datasets: Readonly<
    Record<
      string,
      { readonly columns: Readonly<Record<string, object>>; readonly readers: Readonly<Record<string, object>> }
    >
  >;
}

/** The text keys of an object type. */
type Names<T> = keyof T & string;

export type DatasetName<C extends PinnedContract> = Names<C["datasets"]>;
export type ColumnName<C extends PinnedContract, D extends DatasetName<C>> = Names<C["datasets"][D]["columns"]>;
export type ConsumerName<C extends PinnedContract, D extends DatasetName<C>> = Names<C["datasets"][D]["readers"]>;
