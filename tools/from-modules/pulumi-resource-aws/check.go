package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"groundwork/from-modules/pulumi-resource-aws/mapping"
)

// preCheck prepares a resource's inputs for the bridge, which passes over properties that it does
// not know, where a program should hear of them, and takes neither assets nor JSON objects.
func preCheck(p shim.Provider, name string, entity *mapping.Entity, info *tfbridge.ResourceInfo) tfbridge.PreCheckCallback {
	// Which inputs there are, and whether Terraform wants a string. Computed when first needed: a
	// program uses few of the fifteen hundred resources.
	isString := sync.OnceValue(func() map[resource.PropertyKey]bool {
		inputs := map[resource.PropertyKey]bool{}
		schema := p.ResourcesMap().Get(name).Schema()
		schema.Range(func(key string, s shim.Schema) bool {
			if s.Required() || s.Optional() {
				property := tfbridge.TerraformToPulumiNameV2(key, schema, info.Fields)
				inputs[resource.PropertyKey(property)] = s.Type() == shim.TypeString
			}
			return true
		})
		return inputs
	})
	return func(_ context.Context, in, config resource.PropertyMap) (resource.PropertyMap, error) {
		out := resource.PropertyMap{}
		for key, value := range in {
			str, known := isString()[key]
			switch {
			case known && str:
				var err error
				if value, err = asString(value); err != nil {
					return nil, fmt.Errorf("%s: %s: %w", entity.Token, key, err)
				}
			case known, strings.HasPrefix(string(key), "__"): // the latter are the bridge's own
			case key == "region":
				if own := config["region"]; own.IsString() && value.IsString() && own.StringValue() != value.StringValue() {
					return nil, fmt.Errorf("%s: %w", entity.Token, otherRegion(value.StringValue(), own.StringValue()))
				}
				continue
			case key == "invokedViaFunctionUrl" && isEmulated(config):
				// Without it the permission opens more. An emulator asks for none.
				continue
			default:
				return nil, fmt.Errorf("%s: the Terraform AWS provider here has no property %q", entity.Token, key)
			}
			out[key] = value
		}
		return out, nil
	}
}

// isEmulated says whether a provider's configuration leads elsewhere than to AWS.
func isEmulated(config resource.PropertyMap) bool {
	endpoints, ok := config["endpoints"]
	return ok && !endpoints.IsNull()
}
