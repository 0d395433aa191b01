import { randomBytes, randomUUID } from "node:crypto";

/** An order to try the system with. */
export interface Order {
  readonly id: string;
  readonly item: string;
  readonly quantity: number;
}

/** An order on its way. */
export interface Sent {
  readonly order: Order;
  /** Goes with the order into the function's log. */
  readonly requestId: string;
  readonly began: Date;
}

/** An order that no other one is taken for. */
export function newOrder(): Sent {
  const order = { id: `try-${randomBytes(4).toString("hex")}`, item: "coffee", quantity: 1 };
  return { order, requestId: randomUUID(), began: new Date() };
}

/** Whether an object's text is the order as it was sent, however it is spaced. */
export function isOrder(text: string, order: Order): boolean {
  try {
    const { id, item, quantity, ...more } = Object(JSON.parse(text));
    return (
      id === order.id &&
      item === order.item &&
      quantity === order.quantity &&
      Object.keys(more).length === 0
    );
  } catch {
    return false;
  }
}

/**
 * The outcome of a message by a line of the function's log.
 * @param mark the ID of the message or of the request, by which its lines are known
 * @returns undefined for a line of another message
 */
export function archivedLine(
  line: string,
  mark: string,
): { readonly key?: string; readonly problem?: string } | undefined {
  if (!line.includes(mark)) return undefined;
  try {
    const { key, message, reason } = Object(JSON.parse(line));
    if (typeof key === "string") return { key };
    return { problem: [message, reason].filter((text) => text !== undefined).join(": ") };
  } catch {
    return { problem: line };
  }
}
