import { clientSteps } from "#sandbox";
import { challengeOf, firstEntry, isMessage, signingAgain } from "../messages.ts";
import { type ClientMutant, replacing, withSteps } from "../mutant.ts";
import { messageOf } from "../v1-messages.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Clients that are led astray by redirects. */
export const redirectMutants: readonly ClientMutant[] = [
  {
    id: "takes-the-payment-along",
    breaks: "Follows a redirect with the payment.",
    caughtBy: [
      "client.redirect.paid-301",
      "client.redirect.paid-302",
      "client.redirect.paid-303",
      "client.redirect.paid-307",
      "client.redirect.paid-308",
      "client.redirect.paid-in-two-steps",
      "client.v1.paid-redirect",
      ...ofBothPermits("redirect-paid-307"),
    ],
    build: replacing("present", (original, reached) => async (request, payment, transport, earlier) => {
      const fetch: typeof transport.fetch = async (input, init) => {
        const response = await transport.fetch(input, { ...init, redirect: "follow" });
        if (response.redirected) reached();
        return response;
      };
      return original(request, payment, { ...transport, fetch }, earlier);
    }),
  },
  {
    id: "pays-where-it-began",
    breaks: "Pays the host that sent it away for what another host asked.",
    caughtBy: ["client.redirect.unpaid-302", "client.redirect.unpaid-307", "client.v1.unpaid-redirect"],
    build: replacing("ask", (original, reached) => async (request, transport) => {
      const fetch: typeof transport.fetch = async (input, init) => {
        const response = await transport.fetch(input, init);
        if (!response.redirected) return response;
        reached();
        // Without the trace of the redirect that a Response keeps.
        return new Response(response.body, response);
      };
      return original(request, { ...transport, fetch });
    }),
  },
  {
    id: "knows-three-redirects",
    breaks: "Stops the payment at a 302, 307 and 308, and lets it follow any other redirect.",
    caughtBy: ["client.redirect.paid-301", "client.redirect.paid-303"],
    build: followingOn((status) => status === 301 || status === 303),
  },
  {
    id: "looks-at-the-first-step",
    breaks: "Takes the payment along within the shop, and then wherever that leads.",
    caughtBy: ["client.redirect.paid-in-two-steps"],
    build: followingOn((_status, isWithin) => isWithin),
  },
  {
    id: "pays-again-when-redirected",
    breaks: "Signs another payment when the first is answered with a redirect.",
    caughtBy: ["client.redirect.paid-within-the-shop"],
    build: signingAgain(({ code }) => code === "payment-redirected"),
  },
  {
    id: "pays-where-the-resource-is",
    breaks: "Sends the payment to the address that the challenge gives for the resource.",
    caughtBy: [
      "client.redirect.resource-elsewhere",
      "client.v1.redirect-resource-elsewhere",
      ...ofBothPermits("resource-elsewhere"),
    ],
    build: withSteps((reached) => {
      let resource: string | undefined;
      return {
        readChallenge: async (response) => {
          const inBody = firstEntry(messageOf(await response.clone().text()));
          const { resource: inHeader } = challengeOf(response) ?? {};
          resource = isMessage(inHeader) ? String(inHeader.url) : inBody && String(inBody.resource);
          return clientSteps.readChallenge(response);
        },
        present: (request, ...rest) => {
          if (resource === undefined || !URL.canParse(resource) || resource === request.url)
            return clientSteps.present(request, ...rest);
          reached();
          return clientSteps.present({ ...request, url: resource }, ...rest);
        },
      };
    }),
  },
];

/** Looks at the first redirect of a paid request, and follows it blindly if it likes it. */
function followingOn(likes: (status: number, isWithin: boolean) => boolean): ClientMutant["build"] {
  return replacing("present", (original, reached) => async (request, payment, transport, earlier) => {
    const fetch: typeof transport.fetch = async (input, init) => {
      const response = await transport.fetch(input, init);
      const location = response.headers.get("location");
      if (location === null) return response;
      const { href, origin } = new URL(location, request.url);
      if (!likes(response.status, origin === new URL(request.url).origin)) return response;
      reached();
      return transport.fetch(href, { ...init, redirect: "follow" });
    };
    return original(request, payment, { ...transport, fetch }, earlier);
  });
}
