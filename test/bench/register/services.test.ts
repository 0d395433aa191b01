import { registerServices } from "../../../bench/register/services";
import { type Recording, record } from "../../../components/testing";

/** The resources that providers make, by type and name, with their inputs. */
const custom = ({ resources }: Recording) =>
  Object.fromEntries(
    resources
      .filter(({ type }) => !type.startsWith("groundwork:"))
      .map(({ type, name, inputs }) => [`${type} ${name}`, inputs]),
  );

test("by hand are the resources that the component makes", async () => {
  const byHand = await record(() => registerServices("by hand", 2));
  const byComponents = await record(() => registerServices("components", 2));
  expect(custom(byHand)).toEqual(custom(byComponents));
  // Six for each service, and the provider.
  expect(byHand.resources).toHaveLength(13);
});
