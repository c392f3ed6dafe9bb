variable "project" {
  description = "Id of the Firebase project"
  type        = string
}

variable "region" {
  description = "Region of the functions and of a new Firestore database"
  type        = string
  default     = "asia-southeast1"
}

variable "features" {
  description = "What is used besides logins: the features of access.json"
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.features, keys(jsondecode(file("${path.module}/../access.json")).features))) == 0
    error_message = "Only the features of access.json."
  }
}

variable "premium" {
  description = "Whether reconcilePremium is deployed: false only for a project of init without premium and payments"
  type        = bool
  default     = true
}

variable "prefix" {
  description = "Of the names of the functions: tikiBridge- for a group, kit-<instance>- for a function kit, which names its secrets so too"
  type        = string
  default     = ""
}

variable "deployed" {
  description = "Whether the functions were deployed: only then can they be granted calls of Eventarc"
  type        = bool
  default     = false
}

variable "private_service" {
  description = "With the feature backend: your Cloud Run service that the function backend calls"
  type        = string
  default     = ""
}

variable "firestore" {
  description = "Whether to create the Firestore database; import it if there is one"
  type        = bool
  default     = true
}

variable "hosting_site" {
  description = "A Hosting site to create; empty: the project has one"
  type        = string
  default     = ""
}

variable "email" {
  description = "Who is told of alerts; empty: nobody"
  type        = string
  default     = ""
}

variable "billing_account" {
  description = "Id of the billing account, for the budget"
  type        = string
  default     = ""
}

variable "budget" {
  description = "Amount a month, in the billing account's currency; 0: no budget"
  type        = number
  default     = 0
}

variable "github_repository_id" {
  description = "With the feature github: the id of the repository that may deploy, from its branch main and environment production: gh api repos/<owner>/<repository> --jq .id"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[0-9]*$", var.github_repository_id))
    error_message = "The id of the repository, a number."
  }
}
