package main

import (
	"context"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/info"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// longest holds the names that AWS limits more than the general 255 characters.
var longest = map[string]int{
	"aws_cloudwatch_event_rule": 64,
	"aws_iam_instance_profile":  128,
	"aws_iam_policy":            128,
	"aws_iam_role":              64,
	"aws_iam_user":              64,
	"aws_lambda_function":       64,
	"aws_lb":                    32,
	"aws_lb_target_group":       32,
	"aws_s3_bucket":             63,
	"aws_scheduler_schedule":    64,
	"aws_sfn_state_machine":     80,
	"aws_sqs_queue":             80,
}

// autoName is the default of a name that the program leaves out: the resource's own name and a
// random end, in the shape that AWS wants of it.
func autoName(terraformName string) *tfbridge.DefaultInfo {
	options := tfbridge.AutoNameOptions{Separator: "-", Maxlen: 255, Randlen: 7}
	if n, ok := longest[terraformName]; ok {
		options.Maxlen = n
	}
	switch terraformName {
	case "aws_s3_bucket":
		options.Transform = strings.ToLower
	case "aws_kms_alias":
		options.Transform = func(name string) string { return "alias/" + strings.TrimPrefix(name, "alias/") }
	case "aws_sqs_queue":
		options.PostTransform = fifo("fifoQueue")
	case "aws_sns_topic":
		options.PostTransform = fifo("fifoTopic")
	}
	return &tfbridge.DefaultInfo{
		AutoNamed: true,
		ComputeDefault: func(ctx context.Context, o tfbridge.ComputeDefaultOptions) (any, error) {
			// A prefix is the program's own way of having a name generated.
			for _, prefix := range []string{"namePrefix", "bucketPrefix"} {
				if _, ok := o.Properties[resource.PropertyKey(prefix)]; ok {
					return nil, nil
				}
			}
			return tfbridge.ComputeAutoNameDefault(ctx, options, o)
		},
	}
}

// fifo ends the name in ".fifo" where the flag of that name is set: AWS insists.
func fifo(flag string) func(*info.PulumiResource, string) (string, error) {
	return func(r *info.PulumiResource, name string) (string, error) {
		if v := r.Properties[resource.PropertyKey(flag)]; v.IsBool() && v.BoolValue() {
			name += ".fifo"
		}
		return name, nil
	}
}
