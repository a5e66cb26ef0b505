import { GenericContainer, Wait } from "testcontainers";
import type { ProtocolId } from "../seller/index.ts";
import { ports, StartedSandboxContainer } from "./started-sandbox-container.ts";

/**
 * The sandbox in a container: chain, mock USDC, facilitator, seller, faucet, faults and clock.
 *
 * @example
 * await using sandbox = await new SandboxContainer().start();
 * const answer = await fetch(`${sandbox.getSellerUrl()}/weather?city=Berlin`); // 402
 */
export class SandboxContainer extends GenericContainer {
  /** @param image what `docker build -t x402-assay .` made of the repository, unless told otherwise */
  constructor(image = "x402-assay") {
    super(image);
    this.withExposedPorts(...Object.values(ports))
      .withCommand(["--json"])
      .withWaitStrategy(Wait.forHttp("/", ports.admin, { abortOnContainerExit: true }).forStatusCode(200));
  }

  /**
   * Forks a chain; `url` must be reached from inside of the container. Its chain id and USDC address are kept.
   *
   * @param blockNumber the newest block without it
   */
  withFork(url: string, blockNumber?: bigint): this {
    const at = blockNumber === undefined ? [] : ["--fork-block-number", String(blockNumber)];
    return this.#withFlags("--fork-url", url, ...at);
  }

  /** Mines every so many whole seconds, instead of each transaction at once. */
  withBlockTime(seconds: number): this {
    return this.#withFlags("--block-time", String(seconds));
  }

  /** The versions of x402 that the seller speaks; `x402@2` alone without it. */
  withProtocols(...protocols: readonly ProtocolId[]): this {
    return this.#withFlags("--protocols", protocols.join(","));
  }

  /** Settles each payment in a transaction of its own, also when many come together. */
  withoutBatching(): this {
    return this.#withFlags("--no-batching");
  }

  override async start(): Promise<StartedSandboxContainer> {
    return StartedSandboxContainer.open(await super.start());
  }

  #withFlags(...flags: readonly string[]): this {
    return this.withCommand([...(this.createOpts.Cmd ?? []), ...flags]);
  }
}
