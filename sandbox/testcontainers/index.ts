/** The door `x402-assay/testcontainers`: the sandbox as a Testcontainers module. */
export type { FaultStatus } from "./admin-api.ts";
export { SandboxContainer } from "./sandbox-container.ts";
export { StartedSandboxContainer } from "./started-sandbox-container.ts";
