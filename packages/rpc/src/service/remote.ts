// The body of a contract's methods, and the mark that tells a server that it has run one.

/**
 * The body of a method in a contract class: `buy(sku: string): Promise<Order> { return remote(sku) }`. The
 * stub never runs it; a server that does has no implementation of the method, and the caller gets
 * UNIMPLEMENTED. The arguments are there only so that the compiler sees them used.
 */
export function remote(..._args: unknown[]): never {
  throw new NotImplementedHere()
}

/** Thrown by {@link remote}: the method exists in the contract and has no implementation on this side. */
export class NotImplementedHere extends Error {
  override readonly name = 'NotImplementedHere'

  constructor(message = 'the contract declares this method, and nothing implements it here') {
    super(message)
  }
}

/** True for a {@link NotImplementedHere}; false, never throwing, for anything else that was thrown. */
export function isNotImplementedHere(thrown: unknown): thrown is NotImplementedHere {
  try {
    return thrown instanceof NotImplementedHere
  } catch {
    return false
  }
}
