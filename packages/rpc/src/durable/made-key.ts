// The key of a call whose caller gave none: the ledger it stands in, and where. It names the call to whoever
// has it, and nobody can guess one: the ledger's name is the digest of a secret of the client's.

/** The key of the call with that serial. */
export function madeKey(ledgerId: string, serial: number): string {
  return `${ledgerId}/${serial}`
}

/** What such a key was made of; undefined for a key that somebody chose. */
export function readMadeKey(key: string): { readonly ledgerId: string; readonly serial: number } | undefined {
  const [, ledgerId, digits] = /^([0-9a-f]{64})\/(\d{1,16})$/.exec(key) ?? []
  const serial = Number(digits)
  return ledgerId === undefined || !Number.isSafeInteger(serial) ? undefined : { ledgerId, serial }
}
