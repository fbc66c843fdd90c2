// What the machine wants done: by its user, and by the transport below. Types only.

import type { Indication } from './indications.ts'

/** What is to be done now, in the order of the list. */
export type Output =
  /** T-DATA or T-EXPEDITED-DATA request: the parts in order are one TSDU. */
  | { readonly do: 'send'; readonly tsdu: readonly Uint8Array[]; readonly expedited: boolean }
  | { readonly do: 'indicate'; readonly primitive: Indication }
  /** T-CONNECT request. */
  | { readonly do: 'connect' }
  /** T-CONNECT response: the transport connection is taken. */
  | { readonly do: 'accept' }
  /** T-DISCONNECT request. */
  | { readonly do: 'disconnect' }
