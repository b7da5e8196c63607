/** A value whose form nobody can read, so that no rule can say that it is right. */
export class MalformedValue extends Error {
  /** @param fix one line of TypeScript that has the right form */
  constructor(
    message: string,
    readonly fix: string,
  ) {
    super(message);
    this.name = "MalformedValue";
  }
}
