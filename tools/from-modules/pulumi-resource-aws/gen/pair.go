package main

import (
	"fmt"
	"log"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

// pinned are the few that neither name nor shape gives away.
var pinned = map[string]map[string]string{
	"resource": {
		"aws_alb":                   "aws:alb/loadBalancer:LoadBalancer",
		"aws_bcmdataexports_export": "aws:bcmdata/export:Export",
		"aws_codedeploy_app":        "aws:codedeploy/application:Application",
		"aws_dx_lag":                "aws:directconnect/linkAggregationGroup:LinkAggregationGroup",
		"aws_elb":                   "aws:elb/loadBalancer:LoadBalancer",
		"aws_lb":                    "aws:lb/loadBalancer:LoadBalancer",
		"aws_s3_object":             "aws:s3/bucketObjectv2:BucketObjectv2",
	},
	"data": {
		"aws_alb":                "aws:alb/getLoadBalancer:getLoadBalancer",
		"aws_autoscaling_groups": "aws:autoscaling/getAmiIds:getAmiIds",
		"aws_eip":                "aws:ec2/getElasticIp:getElasticIp",
		"aws_elb":                "aws:elb/getLoadBalancer:getLoadBalancer",
		"aws_lb":                 "aws:lb/getLoadBalancer:getLoadBalancer",
	},
}

// token is a Pulumi token taken apart, with the names of its properties.
type token struct {
	module     string
	name       []string
	properties map[string]bool
}

func parseToken(text string, ps properties, verb string) token {
	parts := strings.Split(text, ":")
	name := words(parts[2])
	if verb != "" && len(name) > 0 && name[0] == verb {
		name = name[1:]
	}
	names := set(slices.Collect(maps.Keys(ps)))
	for _, everywhere := range []string{"region", "id", "tagsAll"} {
		delete(names, everywhere)
	}
	return token{strings.SplitN(parts[1], "/", 2)[0], name, names}
}

// likeness says how far a Terraform name and a token's name agree, from 0 to 1.
func (t token) likeness(name []string) float64 {
	full := append([]string{t.module}, t.name...)
	switch {
	case t.module != "index" && squash(full) == squash(name):
		return 1
	case squash(t.name) == squash(name):
		return 0.95
	}
	score := 0.9 * overlap(set(full), set(name))
	if t.name[len(t.name)-1] != name[len(name)-1] { // the last word names the thing
		score -= 0.2
	}
	if strings.HasSuffix(squash(name), squash(t.name)) {
		score += 0.15
	}
	return score
}

type candidate struct {
	name, token   string
	score, shapes float64
}

// pair finds for each Terraform name the token that stands for it: by name where the name says so,
// and by the set of property names where it does not. The best matches are taken first.
func pair(kind string, schemas map[string]shim.SchemaMap, byToken map[string]properties, verb string) map[string]string {
	parsed := map[string]token{}
	for text, ps := range byToken {
		parsed[text] = parseToken(text, ps, verb)
	}
	var candidates []candidate
	for name, schema := range schemas {
		own := propertyNames(schema)
		parts := words(strings.TrimPrefix(name, "aws_"))
		for text, t := range parsed {
			names, shapes := t.likeness(parts), overlap(t.properties, own)
			if names > 0.2 && (shapes > 0.3 || names > 0.9) {
				candidates = append(candidates, candidate{name, text, 1.2*names + shapes, shapes})
			}
		}
	}
	sort.Slice(candidates, func(i, j int) bool {
		a, b := candidates[i], candidates[j]
		if a.score != b.score {
			return a.score > b.score
		}
		return a.name < b.name || a.name == b.name && a.token < b.token
	})

	out, used := map[string]string{}, map[string]bool{}
	for name, text := range pinned[kind] {
		if byToken[text] == nil || schemas[name] == nil {
			log.Fatalf("pinned %s -> %s is not there", name, text)
		}
		out[name], used[text] = text, true
	}
	var weak []string
	for _, c := range candidates {
		if out[c.name] != "" || used[c.token] || c.score < 0.9 {
			continue
		}
		out[c.name], used[c.token] = c.token, true
		if c.score < 1.7 {
			weak = append(weak, fmt.Sprintf("weak %s %s -> %s (score %.2f, shapes %.2f)", kind, c.name, c.token, c.score, c.shapes))
		}
	}
	slices.Sort(weak)
	for _, line := range weak {
		fmt.Fprintln(report, line)
	}
	reportMissing(kind+" without a token", schemas, func(name string) bool { return out[name] != "" })
	reportMissing(kind+" token without a Terraform name", byToken, func(text string) bool { return used[text] })
	return out
}

// propertyNames are the Pulumi names that the bridge gives to a schema's attributes.
func propertyNames(schema shim.SchemaMap) map[string]bool {
	out := map[string]bool{}
	schema.Range(func(key string, _ shim.Schema) bool {
		switch key {
		case "id", "timeouts", "tags_all", "region":
		default:
			out[tfbridge.TerraformToPulumiNameV2(key, schema, nil)] = true
		}
		return true
	})
	return out
}

func reportMissing[V any](what string, all map[string]V, found func(string) bool) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !found(name) {
			fmt.Fprintln(report, what+":", name)
		}
	}
}
