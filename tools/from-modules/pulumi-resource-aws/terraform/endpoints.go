package terraform

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
)

// withoutEndpoints is the provider's configuration for its validator, which takes seconds over
// endpoints: for each of the hundreds of attributes there it prints all of them. It has nothing to
// object to them.
func withoutEndpoints(config *p5.DynamicValue, t tftypes.Type) *p5.DynamicValue {
	if isNull(config) || t == nil {
		return config
	}
	value, err := valueTo6(config).Unmarshal(t)
	var fields map[string]tftypes.Value
	if err != nil || value.As(&fields) != nil {
		return config // the provider itself will say what is wrong with it
	}
	endpoints, ok := fields["endpoints"]
	if !ok || endpoints.IsNull() {
		return config
	}
	fields["endpoints"] = tftypes.NewValue(endpoints.Type(), []tftypes.Value{})
	return packed(t, tftypes.NewValue(t, fields), config)
}
