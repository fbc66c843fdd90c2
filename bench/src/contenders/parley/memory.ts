// Parley without a network: everything but TCP, with both ends in one process and so on one processor.
import { memory } from '@parley/core/testing'
import { serve } from '@parley/rpc'
import type { Contender } from '../../contender.ts'
import { connect } from './client.ts'
import { BenchService } from './service.ts'

const transport = memory()

export const contender: Contender = {
  async serve() {
    const server = await serve({ listen: transport, services: [new BenchService()] })
    return { address: { host: 'memory', port: 0 }, close: () => server.close() }
  },

  connect: () => connect(transport),
}
