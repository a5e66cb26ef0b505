import type { Address, Hex } from "viem";
import type { SandboxDescription } from "#sandbox";
import { facilitatorFirstLook, freePort, settlementAccount } from "../../subjects/index.ts";
import { facilitatorSuite } from "../../suites.ts";
import { describeSuite } from "./describe-suite.ts";
import { type Startable, serve } from "./served.ts";
import { refuseUnknown, type SuiteOptions, suiteOptionNames } from "./suite-options.ts";

/** What a facilitator needs to join the sandbox. */
export interface FacilitatorEnvironment {
  /** Where faults of the chain bite. */
  readonly rpcUrl: string;
  /** CAIP-2, `eip155:84532`. */
  readonly network: SandboxDescription["network"];
  readonly chainId: number;
  /** Address of the mock USDC. */
  readonly asset: Address;
  /** Key of an account that has gas and that nobody else sends from. */
  readonly privateKey: Hex;
  /** A free port of 127.0.0.1, where whatever does not listen yet is going to. */
  readonly port: number;
}

/** A facilitator to judge, and how. */
export interface FacilitatorSuiteOptions extends SuiteOptions {
  /** Starts the facilitator: gives a request listener, a server, or its base URL. */
  readonly start: (environment: FacilitatorEnvironment) => Startable | Promise<Startable>;
}

const optionNames = { ...suiteOptionNames, start: true } satisfies Record<
  keyof FacilitatorSuiteOptions,
  true
>;

/**
 * Judges a facilitator in the test file at hand: every case is a test.
 *
 * @throws Problem `usage` when there is no such option
 *
 * @example
 * conformance.facilitator({ start: ({ rpcUrl, privateKey }) => createFacilitatorApp({ rpcUrl, privateKey }) });
 */
export function facilitatorTests({ start, ...options }: FacilitatorSuiteOptions): void {
  refuseUnknown(options, optionNames, "option");
  const judgedIn = options.protocol ?? options.set;
  describeSuite(facilitatorSuite, options, async (sandbox, basics, atEnd) => {
    const { network, chainId, asset, faultyRpcUrl: rpcUrl } = sandbox;
    const name = "facilitator of this test file";
    const { privateKey } = await settlementAccount(sandbox, name);
    const port = await freePort();
    const served = await serve(await start({ rpcUrl, network, chainId, asset, privateKey, port }), port);
    atEnd(served.stop);
    const subject = { name, url: served.url.href.replace(/\/$/, "") };
    const notices = await facilitatorFirstLook(subject, sandbox, judgedIn, basics.timeoutMs);
    const protocol = judgedIn === undefined ? {} : { protocol: judgedIn };
    return { setup: { ...basics, role: "facilitator", subject, ...protocol }, notices };
  });
}
