// The contract of the smallest service there is: server and client share this file and nothing else.
import { remote, service, unary } from '@parley/rpc'

@service('hello.v1')
export abstract class Hello {
  @unary() greet(name: string): Promise<string> {
    return remote(name)
  }
}
