import { once } from "node:events";
import * as http from "node:http";

/** Makes other headers of those of an answer. */
type RewriteHeaders = (headers: http.IncomingHttpHeaders) => http.OutgoingHttpHeaders;

/**
 * What stands before a seller, as a proxy does: answers a request itself, or calls `forward` to hand it on, changed
 * or not, and to let the answer come back with other headers or with its own.
 */
export type Front = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  forward: (rewrite?: RewriteHeaders) => void,
) => void;

/** A server that hands requests on to a seller. */
export interface RunningFront {
  readonly url: string;
  stop(): Promise<void>;
}

/** Headers that are larger than Node's own limit reach the front, which may treat them as it likes. */
const largestHeader = 1024 * 1024;

/** Starts `front` before the seller at `sellerUrl`. */
export async function startFront(sellerUrl: string, front: Front): Promise<RunningFront> {
  const server = http.createServer({ maxHeaderSize: largestHeader }, (request, response) => {
    front(request, response, (rewrite) => forward(sellerUrl, request, response, rewrite));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The front has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function forward(
  sellerUrl: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  rewrite: RewriteHeaders = (headers) => headers,
): void {
  const { hostname, port } = new URL(sellerUrl);
  const { method, url, headers } = request;
  const onward = http.request({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, rewrite(answer.headers));
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}
