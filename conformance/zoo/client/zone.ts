import { AsyncLocalStorage } from "node:async_hooks";
import type { ClientUnderTest } from "../../engine/client/index.ts";

/** The time zone of the errand that a mutant is on. */
const zone = new AsyncLocalStorage<string | undefined>();

/** A client of this process that is sent into time zones, as a program is by its environment. */
export function inTimeZones(client: ClientUnderTest): ClientUnderTest {
  return {
    ...client,
    takesEnvironment: true,
    run: (errand, signal) => zone.run(errand.timeZone, () => client.run(errand, signal)),
  };
}

/** How much clocks on the wall are ahead of UTC where this errand is, in seconds; nothing where it has no zone. */
export function aheadOfUtc(): number {
  const timeZone = zone.getStore();
  if (timeZone === undefined) return 0;
  const now = new Date(Math.floor(Date.now() / 1_000) * 1_000);
  const onTheWall = now.toLocaleString("sv-SE", { timeZone });
  return (Date.parse(`${onTheWall.replace(" ", "T")}Z`) - now.getTime()) / 1_000;
}
