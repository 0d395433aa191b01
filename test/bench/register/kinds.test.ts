import { type Kind, kinds } from "../../../bench/register/kinds";
import { type Recording, record } from "../../../components/testing";

/** The resources that providers make, by type and name, with their inputs. */
const custom = ({ resources }: Recording) =>
  Object.fromEntries(
    resources
      .filter(({ type }) => !type.startsWith("groundwork:"))
      // Of a package only that it is one: its path is a promise.
      .map(({ type, name, inputs }) => [`${type} ${name}`, JSON.parse(JSON.stringify(inputs))]),
  );

// With the provider.
test.each<[Kind, number]>([
  ["services", 6],
  ["functions", 5],
])("%s by hand are the resources that the component makes, %d of each", async (kind, each) => {
  const byHand = await record(() => kinds[kind]("by hand", 2));
  const byComponents = await record(() => kinds[kind]("components", 2));
  expect(custom(byHand)).toEqual(custom(byComponents));
  expect(byHand.resources).toHaveLength(2 * each + 1);
});
