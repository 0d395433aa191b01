// The little of Pulumi's Kubernetes SDK for Go that the kubernetes plugin uses, in place of all of
// it: 28 MB of generated source for every kind that there is, minutes of compiling.
module github.com/pulumi/pulumi-kubernetes/sdk/v4

go 1.26

require github.com/pulumi/pulumi/sdk/v3 v3.220.0
