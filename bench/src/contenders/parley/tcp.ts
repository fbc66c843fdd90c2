// Parley over TCP: the whole stack, with its defaults.
import { serve } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import type { Contender } from '../../contender.ts'
import { connect } from './client.ts'
import { BenchService } from './service.ts'

const host = '127.0.0.1'

export const contender: Contender = {
  async serve() {
    const server = await serve({ listen: tcp({ host, port: 0 }), services: [new BenchService()] })
    if (server.port === undefined) throw new Error('the Parley server has no port')
    return { address: { host, port: server.port }, close: () => server.close() }
  },

  connect: (address) => connect(tcp(address)),
}
