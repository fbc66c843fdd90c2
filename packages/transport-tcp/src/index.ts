// Parley over TCP: a table of contents.

// The transport
export { tcp } from './tcp.ts'
export type { TcpOptions, TcpRejection } from './options.ts'
export type { TcpTls } from './tls.ts'
export { type TcpLimits, tcpLimits } from './limits.ts'

// A tap's sink: a capture file for Wireshark
export { pcap, type PcapOptions, type PcapSink } from './pcap.ts'
