/** A value that is not known before the deployment was needed to decide: neither a violation nor fine. */
export class UnknownValue extends Error {
  /**
   * @param path of the property, or words for what is not known
   * @param fix one line of TypeScript that makes it known, where the path alone does not say it
   */
  constructor(
    readonly path: string,
    readonly fix?: string,
  ) {
    super(`${path} is not known before the deployment`);
    this.name = "UnknownValue";
  }
}

/** Stands for a value that only the deployment or an execution will know. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** Objects and lists whose unknown members throw `UnknownValue` when they are read, and not before. */
export function guarded<T>(value: T, isUnknown: (value: unknown) => boolean = (each) => each === UNKNOWN): T {
  return guardAt(value, isUnknown, "") as T;
}

function guardAt(value: unknown, isUnknown: (value: unknown) => boolean, path: string): unknown {
  if (isUnknown(value)) throw new UnknownValue(path);
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    get(target, property, receiver) {
      const member: unknown = Reflect.get(target, property, receiver);
      if (typeof property === "symbol" || !Object.hasOwn(target, property)) return member;
      if (Array.isArray(target)) {
        return property === "length" ? member : guardAt(member, isUnknown, `${path}[${property}]`);
      }
      return guardAt(member, isUnknown, path === "" ? property : `${path}.${property}`);
    },
  });
}

/** Whether an error says that a value is unknown: ours, or CrossGuard's own. */
export function isUnknownValue(error: unknown): error is Error {
  return error instanceof UnknownValue || (error instanceof Error && "unknownTypeSentinel" in error);
}

/** What `read` gives, or undefined where it needs an unknown value. */
export function ifKnown<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isUnknownValue(error)) return undefined;
    throw error;
  }
}
