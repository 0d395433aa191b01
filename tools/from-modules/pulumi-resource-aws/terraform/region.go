package terraform

import (
	"os"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var configured atomic.Value

// Region is the one that the provider was configured with, or the environment's.
func Region() string {
	if region, ok := configured.Load().(string); ok {
		return region
	}
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if region := os.Getenv(name); region != "" {
			return region
		}
	}
	return ""
}

// rememberRegion keeps the region out of a provider's configuration: programs for version 6 of the
// Terraform provider expect it on every resource, and version 5 does not say it there.
func rememberRegion(config *tfprotov6.DynamicValue, schema tftypes.Type) {
	if config == nil || schema == nil {
		return
	}
	value, err := config.Unmarshal(schema)
	if err != nil {
		return // the provider itself will say what is wrong with it
	}
	var fields map[string]tftypes.Value
	var region string
	if value.As(&fields) == nil && fields["region"].IsFullyKnown() && !fields["region"].IsNull() &&
		fields["region"].As(&region) == nil {
		configured.Store(region)
	}
}
