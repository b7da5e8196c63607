import { text } from "./reading";
import type { Subject } from "./rule";
import { ifKnown } from "./unknown";

/** Properties by which a resource is known to others. */
const IDENTITIES = ["id", "arn", "name", "bucket", "keyId", "vpcId", "url"] as const;

/** All resources of a stack, and which of them refer to which: looked up, never searched. */
export class StackView {
  private readonly byUrn: ReadonlyMap<string, Subject>;
  private readonly byType = new Map<string, Subject[]>();
  private readonly referrers = new Map<string, ReadonlyMap<string, readonly Subject[]>>();

  constructor(readonly resources: readonly Subject[]) {
    this.byUrn = new Map(resources.map((subject) => [subject.urn, subject]));
    for (const subject of resources) {
      const same = this.byType.get(subject.type);
      if (same) same.push(subject);
      else this.byType.set(subject.type, [subject]);
    }
  }

  ofTypes(...types: readonly string[]): readonly Subject[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** The resource with this URN. */
  at(urn: string): Subject | undefined {
    return this.byUrn.get(urn);
  }

  /** The resources that a property's value comes from. */
  behind(subject: Subject, property: string): readonly Subject[] {
    return (subject.references[property] ?? []).flatMap((urn) => this.byUrn.get(urn) ?? []);
  }

  /**
   * Resources of a type whose `property` names the subject: by where the value comes from, or by an equal name, id or
   * ARN (a program may write the name out).
   */
  referring(types: readonly string[], property: string, to: Subject): readonly Subject[] {
    const keys = new Set([to.urn, ...IDENTITIES.flatMap((identity) => ifKnown(() => text(to.props[identity])) ?? [])]);
    const found = new Set<Subject>();
    for (const type of types) {
      const index = this.indexOf(type, property);
      for (const key of keys) index.get(key)?.forEach((subject) => found.add(subject));
    }
    return [...found];
  }

  private indexOf(type: string, property: string): ReadonlyMap<string, readonly Subject[]> {
    const name = `${type} ${property}`;
    let index = this.referrers.get(name);
    if (!index) {
      index = this.buildIndex(type, property);
      this.referrers.set(name, index);
    }
    return index;
  }

  private buildIndex(type: string, property: string): ReadonlyMap<string, readonly Subject[]> {
    const index = new Map<string, Subject[]>();
    for (const subject of this.ofTypes(type)) {
      const value = ifKnown(() => text(subject.props[property]));
      // A known value is what counts: a program may take a name from one resource and put another's in front.
      const keys = value === undefined ? (subject.references[property] ?? []) : [value];
      for (const key of keys) {
        const known = index.get(key);
        if (known) known.push(subject);
        else index.set(key, [subject]);
      }
    }
    return index;
  }
}
