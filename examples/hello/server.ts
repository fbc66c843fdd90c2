// Serves Hello on port 4000, or on PORT.
import { serve } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { Hello } from './service.ts'

class HelloService extends Hello {
  override async greet(name: string): Promise<string> {
    return `Hello, ${name}!`
  }
}

const port = Number(process.env['PORT'] ?? 4000)
const server = await serve({ listen: tcp({ port }), services: [new HelloService()] })
process.once('SIGTERM', () => void server.drain())
console.log(`serving on port ${server.port}`)
