// Sessions that outlive their connections.

export type { Admit, Admitted, Applicant, AuditCode, Denied, SessionAudit } from './admission.ts'
export { connectSession, type ConnectSessionOptions } from './connect-session.ts'
export type { LifeLimits, LifeOptions } from './options.ts'
export { SessionAcceptor, type SessionAcceptorOptions } from './session-acceptor.ts'
export type { Session, SessionCallbacks, SessionPhase, Suspension } from './session.ts'
