package main

import (
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	tests := map[string][]string{
		"loadBalancer":        {"load", "balancer"},
		"BucketV2":            {"bucket", "v2"},
		"api_gateway_v2":      {"api", "gateway", "v2"},
		"s3":                  {"s3"},
		"":                    nil,
		"_leading__underbars": {"leading", "underbars"},
	}
	for in, want := range tests {
		if got := words(in); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", in, got, want)
		}
	}
}

// The right token must win over its neighbours by name alone, or nearly.
func TestLikeness(t *testing.T) {
	parse := func(text string) token { return parseToken(text, nil, "") }
	name := words("sqs_queue_policy")
	right := parse("aws:sqs/queuePolicy:QueuePolicy").likeness(name)
	for _, wrong := range []string{"aws:sqs/queue:Queue", "aws:sns/topicPolicy:TopicPolicy", "aws:iam/policy:Policy"} {
		if score := parse(wrong).likeness(name); score >= right {
			t.Errorf("%s scores %.2f, the right one %.2f", wrong, score, right)
		}
	}
	if right != 1 {
		t.Errorf("the right one scores %.2f", right)
	}
}

func TestNameLikeness(t *testing.T) {
	tests := []struct {
		a, b string
		want float64
	}{
		{"filename", "filename", 3},
		{"name", "rolename", 1.5},
		{"rolename", "name", 1.5},
		{"code", "filename", 0},
	}
	for _, test := range tests {
		if got := nameLikeness(test.a, test.b); got != test.want {
			t.Errorf("%s, %s: got %v, want %v", test.a, test.b, got, test.want)
		}
	}
}
