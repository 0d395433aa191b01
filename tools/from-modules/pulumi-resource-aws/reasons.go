package main

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"groundwork/from-modules/pulumi-resource-aws/terraform"
)

// report passes on Terraform's warnings, which the bridge drops.
func (s *server) report(ctx context.Context, urn string, operation *terraform.Operation) {
	for _, message := range s.reasons(urn, operation.Warnings) {
		s.warn(ctx, resource.URN(urn), message)
	}
}

// failure is err with all that Terraform says, of which the bridge gives the first only, and with
// Pulumi's names of the properties.
func (s *server) failure(urn string, operation *terraform.Operation, err error) error {
	if err == nil || len(operation.Errors) == 0 {
		return err
	}
	return errors.New(strings.Join(s.reasons(urn, operation.Errors), "\n"))
}

// reasons puts diagnostics in words.
func (s *server) reasons(urn string, diagnostics []*tfprotov6.Diagnostic) []string {
	var out []string
	for _, d := range diagnostics {
		reason := d.Summary
		if d.Detail != "" && d.Detail != d.Summary {
			reason += ": " + d.Detail
		}
		out = append(out, s.at(urn, d.Attribute, reason))
	}
	return out
}

// at adds where in the program the value is, for a resource; functions have no URN.
func (s *server) at(urn string, attribute *tftypes.AttributePath, reason string) string {
	if urn == "" || attribute == nil || len(attribute.Steps()) == 0 {
		return reason
	}
	name := s.names[string(resource.URN(urn).Type())]
	if name == "" {
		return reason
	}
	schema, fields := s.info.P.ResourcesMap().Get(name).Schema(), s.info.Resources[name].Fields
	var path tfbridge.CheckFailurePath
	for i, step := range attribute.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			if i == 0 {
				path = tfbridge.NewCheckFailurePath(schema, fields, string(step))
			} else {
				path = path.Attribute(string(step))
			}
		case tftypes.ElementKeyInt:
			path = path.ListElement(int64(step))
		case tftypes.ElementKeyString:
			path = path.MapElement(string(step))
		case tftypes.ElementKeyValue:
			path = path.SetElement()
		}
	}
	return tfbridge.NewCheckFailure(tfbridge.MiscFailure, strings.TrimSuffix(reason, "."), &path,
		resource.URN(urn), false, "aws", schema, fields).Reason
}
