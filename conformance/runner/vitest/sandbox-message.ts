import type { SandboxDescription } from "#sandbox";

/** What the process of a sandbox says, once. */
export type SandboxMessage =
  | { readonly kind: "ready"; readonly description: SandboxDescription }
  | { readonly kind: "failed"; readonly why: string };
