// The service every Parley peer serves beside its own: what services there are, with their methods and kinds.
import type { MethodDescription, MethodKind, ServiceDescription } from '../service/description.ts'
import type { RemoteMethod } from './caller.ts'
import type { ServedMethod } from './registry.ts'

/** A service on offer. */
export interface ServiceListing {
  readonly name: string
  readonly methods: readonly MethodListing[]
}

/** A method on offer. */
export interface MethodListing {
  readonly name: string
  readonly kind: MethodKind
  readonly idempotent: boolean
}

/** The name under which reflection is served; services of applications cannot have it. */
const REFLECTION_SERVICE = 'parley.reflection.v1'

const listMethod: MethodDescription = {
  name: 'services',
  kind: 'unary',
  idempotent: true,
  effect: 'query',
  timeout: undefined,
  replay: undefined,
  argumentChecks: undefined,
}

/** The reflection method as the calling side knows it in one session. */
export function remoteReflection(): RemoteMethod {
  return { service: REFLECTION_SERVICE, description: listMethod, ref: undefined }
}

/** The reflection method as the answering side runs it. */
export function servedReflection(descriptions: readonly ServiceDescription[]): ServedMethod {
  return { service: REFLECTION_SERVICE, description: listMethod, run: () => descriptions.map(listing) }
}

function listing(service: ServiceDescription): ServiceListing {
  const methods = [...service.methods.values()].map(({ name, kind, idempotent }) => ({
    name,
    kind,
    idempotent,
  }))
  return { name: service.name, methods }
}
