package terraform

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
)

// Operation goes with a request through the bridge, in its context: to Terraform with what the
// bridge leaves out, and back with what the bridge drops.
type Operation struct {
	Timeout time.Duration // of a create, an update or a deletion; zero means Terraform's own
	Private []byte        // Terraform's private state, for a deletion

	Errors   []*tfprotov6.Diagnostic
	Warnings []*tfprotov6.Diagnostic
}

type operationKey struct{}

// In gives the context that carries the operation.
func (o *Operation) In(ctx context.Context) context.Context {
	return context.WithValue(ctx, operationKey{}, o)
}

// operationIn is the operation that ctx carries, or an empty one.
func operationIn(ctx context.Context) *Operation {
	if o, ok := ctx.Value(operationKey{}).(*Operation); ok {
		return o
	}
	return &Operation{}
}

// take notes what Terraform says, and gives it to be handed on: the bridge reads one error of
// several, and no warning.
func (o *Operation) take(in []*p5.Diagnostic) []*tfprotov6.Diagnostic {
	out := diagnosticsTo6(in)
	for _, d := range out {
		if d.Severity == tfprotov6.DiagnosticSeverityWarning {
			o.Warnings = append(o.Warnings, d)
		} else {
			o.Errors = append(o.Errors, d)
		}
	}
	return out
}

// fail notes an error of ours.
func (o *Operation) fail(summary string) *tfprotov6.Diagnostic {
	d := &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary}
	o.Errors = append(o.Errors, d)
	return d
}
