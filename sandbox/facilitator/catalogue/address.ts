/** The characters of a route template (bazaar, routeTemplate Validation Rules). */
const templateForm = /^\/[a-zA-Z0-9_/:.\-~%]+$/;

/** More layers of percent-encoding than this are not there to be read. */
const mostLayers = 5;

/**
 * Where a resource is listed: at the template of its route, or where there is none that may be used, at the path where
 * it was bought. What a buyer asked for in its query is not in it.
 */
export function addressOf(bought: URL, routeTemplate: unknown): string {
  return `${bought.origin}${isRouteTemplate(routeTemplate) ? routeTemplate : bought.pathname}`;
}

/** A template comes by way of the buyer: it must not lead out of the seller's routes, however it is written. */
function isRouteTemplate(template: unknown): template is string {
  if (typeof template !== "string" || !templateForm.test(template)) return false;
  const plain = decoded(template);
  return plain !== undefined && !plain.includes("..") && !plain.includes("://");
}

function decoded(template: string): string | undefined {
  let text = template;
  for (let layer = 0; layer < mostLayers; layer++) {
    const inner = decodedOnce(text);
    if (inner === undefined || inner === text) return inner;
    text = inner;
  }
  return undefined;
}

function decodedOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
