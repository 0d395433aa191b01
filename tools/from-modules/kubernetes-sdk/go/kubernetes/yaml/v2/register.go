// Package v2 stands in for the SDK's yaml/v2.
package v2

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegisterResource registers an object that the plugin's ConfigFile, ConfigGroup or Chart has read
// from a manifest. The SDK does the same in a case for each kind, so that a Go program would get
// typed outputs; the plugin only passes the resource on.
func RegisterResource(ctx *pulumi.Context, apiVersion, kind, name string, props pulumi.Input, opts ...pulumi.ResourceOption) (pulumi.CustomResource, error) {
	group := apiVersion
	if !strings.Contains(group, "/") {
		group = "core/" + group
	}
	var object pulumi.CustomResourceState
	if err := ctx.RegisterResource("kubernetes:"+group+":"+kind, name, props, &object, opts...); err != nil {
		return nil, err
	}
	return &object, nil
}
