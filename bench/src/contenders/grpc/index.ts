// gRPC in JavaScript: protobuf over HTTP/2, the RPC framework most people compare with.
import type { Contender } from '../../contender.ts'
import { connect } from './client.ts'
import { serve } from './server.ts'

export const contender: Contender = { serve, connect }
