/** One of something for each organization it is asked for in; nearly always the caller's default one, and nothing else. */
export class PerOrganization<Thing> {
  readonly #make: (organization: string | undefined) => Thing;
  #ofDefault: Thing | undefined;
  #others: Map<string, Thing> | undefined;

  constructor(make: (organization: string | undefined) => Thing) {
    this.#make = make;
  }

  for(organization: string | undefined): Thing {
    if (organization === undefined) {
      this.#ofDefault ??= this.#make(undefined);
      return this.#ofDefault;
    }
    this.#others ??= new Map();
    let thing = this.#others.get(organization);
    if (thing === undefined) {
      thing = this.#make(organization);
      this.#others.set(organization, thing);
    }
    return thing;
  }

  all(): Thing[] {
    return [...(this.#ofDefault === undefined ? [] : [this.#ofDefault]), ...(this.#others?.values() ?? [])];
  }

  clear(): void {
    this.#ofDefault = undefined;
    this.#others = undefined;
  }
}
