"""Names for type hints: what replies and requests are made of."""

from openai._models import CompletionUsage, CreateEmbeddingResponse, Embedding

__all__ = ["CompletionUsage", "CreateEmbeddingResponse", "Embedding"]
