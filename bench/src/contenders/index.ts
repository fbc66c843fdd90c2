// The contenders by name. Each is loaded only in the processes that run it, so that none pays for another's
// code.
import type { Contender } from '../contender.ts'

interface Entry {
  /** For the table. */
  readonly title: string
  /** Server and client share one process, since they talk through memory. */
  readonly oneProcess: boolean
  load(): Promise<Contender>
}

/** The name of the contender every other is compared with. */
export const yardstick = 'yardstick'

export const contenders: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    yardstick,
    {
      title: 'yardstick (node:net + msgpack)',
      oneProcess: false,
      load: async () => (await import('./yardstick/index.ts')).contender,
    },
  ],
  [
    'parley-tcp',
    {
      title: 'Parley over TCP',
      oneProcess: false,
      load: async () => (await import('./parley/tcp.ts')).contender,
    },
  ],
  [
    'parley-memory',
    {
      title: 'Parley in memory, one process',
      oneProcess: true,
      load: async () => (await import('./parley/memory.ts')).contender,
    },
  ],
  [
    'rsocket',
    {
      title: 'rsocket-tcp + msgpack',
      oneProcess: false,
      load: async () => (await import('./rsocket/index.ts')).contender,
    },
  ],
  [
    'grpc',
    {
      title: '@grpc/grpc-js',
      oneProcess: false,
      load: async () => (await import('./grpc/index.ts')).contender,
    },
  ],
])

/** The entry of that name. Throws for an unknown one, naming those there are. */
export function contenderNamed(name: string): Entry {
  const entry = contenders.get(name)
  if (!entry) throw new Error(`no contender '${name}'; there are ${[...contenders.keys()].join(', ')}`)
  return entry
}
