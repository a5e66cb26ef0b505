import { isHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { namedAccounts } from "../chain/index.ts";
import type { Network } from "../protocol/index.ts";

const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Who pays for a command, or why it may not pay. */
export type CommandPayer =
  | { readonly ok: true; readonly account: PrivateKeyAccount }
  | { readonly ok: false; readonly complaint: string };

/**
 * The payer of `x402-assay pay`: PAYER_PRIVATE_KEY, else the sandbox's own payer.
 *
 * A challenge cannot tell a local chain from the real one of the same id. So a seller on another machine is paid
 * only when the network is named and the key was given by the person who runs the command.
 */
export function commandPayer(env: NodeJS.ProcessEnv, url: URL, network: Network | undefined): CommandPayer {
  const key = env.PAYER_PRIVATE_KEY;
  if (!loopbackHosts.has(url.hostname) && (network === undefined || key === undefined)) {
    return refusal(
      `${url.host} is not on this machine, so its chain may be a real one. ` +
        "If you mean to pay there, name the network (--network eip155:…) and give your own key in PAYER_PRIVATE_KEY.",
    );
  }
  return key === undefined ? accountOf(namedAccounts.payer.privateKey) : accountOf(key);
}

function accountOf(key: string): CommandPayer {
  if (!isHex(key) || key.length !== 66) return badKey();
  try {
    return { ok: true, account: privateKeyToAccount(key) };
  } catch {
    return badKey();
  }
}

function badKey(): CommandPayer {
  return refusal("PAYER_PRIVATE_KEY is not a private key: give 32 bytes as 0x and 64 hex digits.");
}

function refusal(complaint: string): CommandPayer {
  return { ok: false, complaint };
}
