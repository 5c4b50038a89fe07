/** One value per organization, created on first use. Most operations use the caller's default organization only. */
export class PerOrganization<Value> {
  readonly #create: (organization: string | undefined) => Value;
  #default: Value | undefined;
  #others: Map<string, Value> | undefined;

  constructor(create: (organization: string | undefined) => Value) {
    this.#create = create;
  }

  for(organization: string | undefined): Value {
    if (organization === undefined) {
      this.#default ??= this.#create(undefined);
      return this.#default;
    }
    this.#others ??= new Map();
    let value = this.#others.get(organization);
    if (value === undefined) {
      value = this.#create(organization);
      this.#others.set(organization, value);
    }
    return value;
  }

  clear(): void {
    this.#default = undefined;
    this.#others = undefined;
  }
}
