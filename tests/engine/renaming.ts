import type { Catalog } from "../../components/catalog/index";

/** Components that an edit of the program has renamed: the name that each was declared with, and the new one. */
export const RENAMED = new Map<string, string>();

/** The component as an edit of stacks/program.ts renames it: under a new name, with the old one as its alias. */
export function renamable(component: typeof Catalog): typeof Catalog {
  return class extends component {
    constructor(...[name, args, opts]: ConstructorParameters<typeof Catalog>) {
      const renamed = RENAMED.get(name);
      super(renamed ?? name, args, renamed === undefined ? opts : { ...opts, aliases: [{ name }] });
    }
  };
}
